"""Fields that tell too much: they were probably filled in once it was known what became of a lead."""
