"""Many audiences at once: what they ask is taken apart into atoms, each distinct atom is found once, sets do the rest.

    audiences --normalise--> formulas over atoms --plan with sizes of tables--> a way for every atom
              --queries, sweeps--> sets of customers --set algebra--> members of each audience

This room holds the pure part: formulas, atoms, queries and the planner. `run/together/` asks the engine.
"""
