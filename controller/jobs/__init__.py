"""Jobs: what people want kiosks to do, who must agree, and how it is spread over time."""
