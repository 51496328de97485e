"""The kiosks' own door over HTTPS: enrolment, renewal, standing; never the console's port."""
