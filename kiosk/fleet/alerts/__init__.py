"""What an operator should know: rules over reports, the book of alerts, the letters about them."""
