"""What the pages of the site show, and how they are rendered."""
