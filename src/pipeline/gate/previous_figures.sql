-- Of each observation of tonight (now) the figure before it, in the last release (before) or in its series,
-- and how many times greater or smaller it is.
-- An interval is compared with that of other years: the first half of a year is less than the whole.
WITH released AS (
    SELECT indicator, ref_area, time_period, any_value(unit_measure) AS unit_measure,
        any_value(obs_value) AS obs_value
    FROM before WHERE obs_value <> 0 GROUP BY ALL
), figure AS (
    SELECT * FROM now
    WHERE ref_area IS NOT NULL AND time_period IS NOT NULL AND obs_value <> 0
        AND unit_measure NOT IN ('%', '[ppth]', '{percentage_point}')
), history AS (
    SELECT * FROM figure
    UNION ALL BY NAME
    SELECT * FROM released ANTI JOIN figure USING (indicator, ref_area, time_period)
), preceded AS (
    SELECT *, lag(obs_value) OVER series AS last_value, lag(time_period) OVER series AS last_period
    FROM history
    WINDOW series AS (
        PARTITION BY indicator, ref_area, unit_measure, CASE
            WHEN contains(time_period, '/') THEN regexp_replace(time_period, '\d{4}', 'Y', 'g')
            ELSE regexp_replace(time_period, '\d', '0', 'g')
        END
        ORDER BY time_period
    )
), compared AS (
    SELECT preceded.row, preceded.obs_value AS value,
        coalesce(released.obs_value, last_value) AS figure_before,
        CASE WHEN released.obs_value IS NULL THEN last_period ELSE time_period END AS period_before
    FROM preceded LEFT JOIN released USING (indicator, ref_area, time_period)
    WHERE preceded.row IS NOT NULL AND released.obs_value IS DISTINCT FROM preceded.obs_value
)
SELECT figure_before, period_before, round(greatest(
    abs(value::DOUBLE / figure_before::DOUBLE), abs(figure_before::DOUBLE / value::DOUBLE)
), 6) AS times_before
FROM now LEFT JOIN compared USING (row)
ORDER BY now.row
