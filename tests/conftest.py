"""What every room of the tests may use: running `iro`, and stores that are counted by hand."""

pytest_plugins = ["running", "stores"]
