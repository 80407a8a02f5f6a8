"""What is wanted: works known from listings that nobody here holds, put together from all that name them.

files     the hand that opens a listing, takes its digest, and reads it
sameness  whether two listings mean one work
works     listings to lost works, each statement with its sources, matched with what the archive knows
"""
