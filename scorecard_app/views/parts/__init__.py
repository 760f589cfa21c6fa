"""Pieces that several pages draw: tables to take away, charts, pickers of a KPI."""
