"""`loyalty retrain`: a matching model of the company's own, shown before it is used."""

from dataclasses import asdict

import click

from orchestration.commands import friendly, json_option, print_json
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.identity.model import load_model
from orchestration.settings import load_settings
from orchestration.warehouse import writer_lock


@click.command()
@click.option("--apply", is_flag=True, help="Keep the new model: the next run uses it.")
@json_option
@friendly
def retrain(apply: bool, as_json: bool) -> None:
    """Learn from the company's own records how names and dates differ, and show what a new model would change.

    Nothing is changed without --apply. Models lie in state/models, numbered, and none is overwritten; removing the newest
    goes back to the one before. Customer ids of people whose records stay together don't change.
    """
    from orchestration.identity import preview, training  # slow to import: no other command waits for it

    folder = DataFolder.from_environment()
    if not folder.database.exists():
        raise ConfigurationError(f"{folder.database} is not there: there is nothing to learn from before `loyalty run`")
    with writer_lock(folder.lock, load_settings(folder.company_yml).lock_wait_minutes, _say):
        model = load_model(folder.models)
        with preview.records_of(folder.database, model) as records:
            trained = training.train(records, model, training.next_version(folder.models))
            effect = preview.preview(records, model, trained)
        if effect.unfit:
            raise training.Unfit(
                f"no model is proposed: {effect.unfit}. The names and birth dates in the records don't tell who is whom; "
                "look at them with `loyalty quarantine` and the profiles' guards, and keep the model in force"
            )
        moved = training.moved_weights(model, trained)
        kept = training.save(trained, folder.models) if apply else None
    if as_json:
        print_json(
            {
                "model": model.version,
                "trained": trained.version,
                "kept": kept and str(kept),
                "weights": moved,
                "effect": asdict(effect),
            }
        )
        return
    click.echo(f"{trained.version} beside {model.version}: match weights that move by half a bit or more")
    for weight in moved:
        click.echo(f"  {weight['comparison']}, {weight['level']}: {weight['before']:+.1f} → {weight['after']:+.1f}")
    click.echo(
        f"links {effect.links_before} → {effect.links_after} ({effect.links_gained} gained, {effect.links_lost} lost)\n"
        f"customers {effect.customers_before} → {effect.customers_after}; {effect.changed_customers} of today's would "
        f"gain or lose records, {effect.moved_records} records would move"
    )
    click.echo(
        f"kept as {kept}; `loyalty run` uses it" if kept else "nothing is changed; `loyalty retrain --apply` keeps it"
    )


def _say(line: str) -> None:
    click.echo(line, err=True)
