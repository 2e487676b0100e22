"""What is printed: pages as HTML, without a window; and frozen figures as a workbook."""
