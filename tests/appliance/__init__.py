"""The appliance in a virtual machine: `make appliance-test`. What it proves: deploy/README.md."""
