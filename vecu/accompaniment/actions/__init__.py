"""The verbs of one-to-one support, by noun: import the module, then say the verb."""
