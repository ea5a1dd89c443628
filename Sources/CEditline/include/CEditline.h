// Placeholder of the module's interface.
