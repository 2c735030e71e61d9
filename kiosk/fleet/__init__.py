"""The store's and the chain's side: takes the kiosks' reports, shows them, lets people help."""
