"""Files beside a section: graphs, a log, a table, as `stories/97_files.toml` names them."""

from importlib.resources import files

from pmcore.domain.vocabulary import SectionKey
from pmcore.usecases.attachments import AttachFile, attach_file
from pmcore.usecases.demo.stage import Stage
from pmcore.usecases.demo.story import Told, attached


def attach(stage: Stage, told: Told, section: SectionKey, *, postmortem_id: int) -> None:
    """What the author puts beside the section that has just been written."""
    home = files("pmcore.usecases.demo").joinpath("stories", "files")
    for file in attached():
        if (file.about, file.section) != (told.key, section):
            continue
        data = home.joinpath(file.name).read_bytes()
        put = AttachFile(
            postmortem_id=postmortem_id, section=section, name=file.name, data=data, caption=file.caption
        )  # fmt: skip
        stage.do(attach_file, put, by=told.author)
