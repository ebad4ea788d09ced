"""The base of everything that crosses the control API."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Language = Literal["en", "fr", "pt"]
Channel = Literal["voice", "video", "chat", "email"]
Direction = Literal["inbound", "outbound", "internal"]
Id = Annotated[str, Field(min_length=1, max_length=64)]
Moment = AwareDatetime

__all__ = ["Channel", "Direction", "Id", "Language", "Moment", "Schema", "datetime"]


class Schema(BaseModel):
    """A frozen value with no unknown fields; its JSON Schema is the published contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")
