"""Everything a Debian 12 office needs beside its packages, as one table of files."""
