"""What else is published: feeds, sitemaps, records for machines, pictures for links."""
