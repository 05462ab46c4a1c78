"""The workbook of the metrics, recalculated by a spreadsheet program that people use."""
