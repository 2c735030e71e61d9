"""What happens in the demonstration: each scene a module, each way to pay a row in `payers`."""
