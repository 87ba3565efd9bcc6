-- Which definitions scored is not kept: what is published keeps its text, and every score its fingerprint.

DROP TABLE definition_versions;
