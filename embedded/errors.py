"""What went wrong and the way out, in English and in Chinese."""


class EmbeddedError(Exception):
    """A fault that the user of the command line can do something about.

    Attributes:
        english: What happened, where, and the way out.
        chinese: The same in Chinese.
    """

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(f"{english}\n{chinese}")
        self.english = english
        self.chinese = chinese
