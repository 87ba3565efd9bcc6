-- by_lot: the share by which a lead was drawn, in thousandths of a percent; NULL where the definition made it ripe.
ALTER TABLE handoffs ADD COLUMN by_lot INTEGER;
