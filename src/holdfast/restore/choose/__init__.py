"""Choice: how good each copy is in every stretch, measured, and which of them to take, for picture and sound."""
