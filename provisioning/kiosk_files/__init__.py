"""Everything a Debian 12 kiosk needs beside its packages, as one table of files, and the wheels."""
