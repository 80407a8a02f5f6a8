"""The OCFL 1.1 storage root: layout, inventories, objects, validation. It can add versions, never take one away."""
