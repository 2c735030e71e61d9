"""What the kiosk tells the store, and what the store may ask of it: MQTT 5, one tree for each."""
