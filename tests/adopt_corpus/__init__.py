"""Sheets as people keep them, made with what is true of them: layouts, languages and dirt."""
