"""Reports as pages: self-contained, without scripts; charts are drawn here. Pure: values in, text out."""
