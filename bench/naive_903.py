"""
Read an SSDA903 return as a first notebook would: pandas, and a loop over the children.

The yardstick of the import figure.  It reads the three tables, filters them by
child, parses the dates, puts the episodes together to periods of care, collects
the reviews, works out from which day the next review counts, and writes one CSV.
"""

import sys
from pathlib import Path

import pandas as pd

_DAY_FIRST = "%d/%m/%Y"


def periods(episodes: pd.DataFrame) -> list[list[pd.Timestamp]]:
    """Put a child's episodes, in order, together to periods of care: start and end."""
    found: list[list[pd.Timestamp]] = []
    for _, row in episodes.iterrows():
        if found and row["RNE"] != "S" and found[-1][1] == row["DECOM"]:
            found[-1][1] = row["DEC"]
        else:
            found.append([row["DECOM"], row["DEC"]])
    return found


def with_days(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return rows with their dates read; a date that cannot be read is empty."""
    rows = rows.copy()
    for column in columns:
        rows[column] = pd.to_datetime(rows[column], format=_DAY_FIRST, errors="coerce")
    return rows


def of_child(
    child: int, header: pd.DataFrame, episodes: pd.DataFrame, reviews: pd.DataFrame
) -> list[dict[str, object]]:
    """Return a row for each of a child's periods of care."""
    born = with_days(header[header["CHILD"] == child], ("DOB",))["DOB"].iloc[0]
    own = with_days(episodes[episodes["CHILD"] == child], ("DECOM", "DEC")).sort_values("DECOM")
    met = with_days(reviews[reviews["CHILD"] == child], ("REVIEW",)).sort_values("REVIEW")
    rows: list[dict[str, object]] = []
    for start, end in periods(own):
        after = met[met["REVIEW"] >= start]
        within = after if pd.isna(end) else after[after["REVIEW"] <= end]
        held = within["REVIEW"].drop_duplicates()
        starts = [start, *held]
        rows.append(
            {
                "child": child,
                "born": born,
                "start": start,
                "end": end,
                "reviews": "; ".join(day.strftime("%Y-%m-%d") for day in held),
                "clock_started": starts[-1] if pd.isna(end) else None,
            }
        )
    return rows


def main() -> None:
    """Read the folder of a return and write a CSV; these are the two arguments."""
    folder, target = map(Path, sys.argv[1:])
    header, episodes, reviews = (
        pd.read_csv(folder / f"{name}.csv") for name in ("header", "episodes", "reviews")
    )
    found = [
        row
        for child in header["CHILD"].unique()
        for row in of_child(child, header, episodes, reviews)
    ]
    pd.DataFrame(found).to_csv(target, index=False)


if __name__ == "__main__":
    main()
