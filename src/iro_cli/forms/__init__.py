"""What a listing leaves as: text, CSV, JSON, a workbook, a page, a calendar, a Parquet file."""
