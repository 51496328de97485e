"""`python -m controller.api > docs/openapi.json`: the API's document, made from the code."""

import sys

from controller.api.app import create_api, document_text
from controller.store.engine import open_engine


def main() -> None:
    app = create_api(open_engine("sqlite://"), lambda: 0)
    sys.stdout.write(document_text(app))


if __name__ == "__main__":
    main()
