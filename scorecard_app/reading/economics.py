"""What the loyalty programme costs, brings and owes: the published year, and what-ifs upon it."""

from dataclasses import dataclass
from datetime import date

from scorecard_app.queries import Queries, Row


@dataclass(frozen=True)
class Model:
    """A programme's year as four factors and what it brings.

    Attributes:
        sales: Members' net sales in the year.
        earn_rate: Points earned per unit of currency.
        redemption_rate: Share of points redeemed, 0 to 1.
        unit_cost: What a redeemed point costs.
        benefit_cost: What benefits cost that need no points.
        margin_share: Margin that exists because of the programme, as a share of members' net sales.
    """

    sales: float
    earn_rate: float
    redemption_rate: float
    unit_cost: float
    benefit_cost: float
    margin_share: float

    @property
    def points_cost(self) -> float:
        """Earn rate × redemption × unit cost on the sales."""
        return self.sales * self.earn_rate * self.redemption_rate * self.unit_cost

    @property
    def cost(self) -> float:
        """Points and benefits together."""
        return self.points_cost + self.benefit_cost

    @property
    def increment(self) -> float:
        """Margin that would not exist without the programme."""
        return self.sales * self.margin_share

    @property
    def result(self) -> float:
        """What remains: increment less cost."""
        return self.increment - self.cost

    @property
    def roi(self) -> float | None:
        """Result over cost; None where nothing is spent."""
        return self.result / self.cost if self.cost else None

    @property
    def break_even(self) -> float | None:
        """The margin share at which increment and cost are equal; None without sales."""
        return self.cost / self.sales if self.sales else None


def months(data: Queries) -> list[Row]:
    """The programme's months, oldest first; hidden ones have no numbers."""
    return data.rows("from programme_economics where period_kind = 'month' order by period_start")


def last_year(rows: list[Row], until: date) -> tuple[Model, int] | None:
    """The last twelve shown months before a day as a model, with how many of them there are.

    Rates are those of the year's sums, not means of monthly rates; the redemption rate is the newest published one,
    since it looks at points that have had a year. The increment begins at break-even: nobody knows it without a
    hold-out group.
    """
    shown = [row for row in rows if row["period_start"] < until and row["status"] == "shown"][-12:]
    sales = sum(row["member_net_sales"] or 0.0 for row in shown)
    if not shown or not sales:
        return None
    earned, redeemed = (sum(row[key] or 0.0 for row in shown) for key in ("points_earned", "points_redeemed"))
    spent, benefits = (sum(row[key] or 0.0 for row in shown) for key in ("redemption_cost", "benefit_cost"))
    rates = [row["redemption_rate"] for row in shown if row["redemption_rate"] is not None]
    share = rates[-1] if rates else redeemed / earned if earned else 0.0
    model = Model(sales, earned / sales, share, spent / redeemed if redeemed else 0.0, benefits, 0.0)
    return Model(sales, model.earn_rate, share, model.unit_cost, benefits, model.break_even or 0.0), len(shown)


def effects(data: Queries) -> list[Row]:
    """Campaigns and programme rules that have ended, newest first."""
    return data.rows("from campaign_effects order by starts_on desc, action_id")


def pilots(data: Queries) -> list[Row]:
    """Pilots arm by arm, newest first."""
    return data.rows("from pilot_effects order by starts_on desc, pilot_id, arm desc")
