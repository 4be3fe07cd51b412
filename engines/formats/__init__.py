"""What vendors, programs and archives write about a page, read as texts with boxes. Knows no screen and no data set."""
