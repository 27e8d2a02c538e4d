"""What other people's pipelines do with Rolecall; make test-pipelines installs what it takes."""
