"""Writes the schema in GraphQL's own language: `python -m gateway.graphql.sdl`, after every change of a type."""

from pathlib import Path
from typing import Final

from gateway.graphql.schema import GRAPH

SDL_FILE: Final = Path(__file__).with_name("schema.graphql")
"""The committed schema, whose difference shows what a change means for clients."""

if __name__ == "__main__":
    SDL_FILE.write_text(GRAPH.sdl(), encoding="utf-8")
