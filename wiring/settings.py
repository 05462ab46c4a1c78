"""What can be set from outside, by environment variables."""

from functools import cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PM_", extra="ignore")

    database_url: str = Field(default="sqlite:///var/pm.db", validation_alias="DATABASE_URL")
    public_url: str = "http://localhost:8501"  #: as people type it; https here makes cookies Secure
    trusted_proxy: str = ""  #: address of the one proxy whose X-Forwarded-For is believed
    idle_hours: int = 12
    session_days: int = 14


@cache
def settings() -> Settings:
    return Settings()
