"""Reports, looked at by programs that we did not write: a browser with axe-core, and veraPDF."""
