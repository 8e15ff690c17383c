"""From raw files to articles that are ready to be shown: found, cleaned, tagged, dressed."""
