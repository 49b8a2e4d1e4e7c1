//! A table of counts with its totals, and what of it may be published.
//!
//! A small number tells of few people, and whoever knows one of them learns about the others. So it is hidden; and since the totals
//! are published, it could be computed from what stands beside it. Therefore others are hidden with it, until each hidden number
//! could be one of as many as the threshold says, for somebody who knows everything that is published, the threshold, and that what is
//! hidden is not 0.
//!
//! How far a hidden number could be from what it is, is asked exactly. Rows and columns of the table, each with its total, are the nodes
//! of a graph, and its numbers the edges between them. If hidden numbers change, and everything published stays true, the changes
//! flow in circles through the hidden edges. So how much a number can rise is the most that can flow around, back to it; and how much it
//! can fall, the most that can flow the other way.

use std::collections::{BinaryHeap, VecDeque};

/// A table: rows, columns, and their totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    rows: usize,
    columns: usize,
    /// Row 0 holds the totals of the columns, column 0 those of the rows.
    values: Vec<u64>,
}

/// Which numbers of a table may not be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    columns: usize,
    cells: Vec<bool>,
}

impl Hidden {
    /// Is it hidden? Without a row it is the total of a column, without a column that of a row.
    pub fn is_hidden(&self, row: Option<usize>, column: Option<usize>) -> bool {
        self.cells[place(row) * (self.columns + 1) + place(column)]
    }
}

fn place(index: Option<usize>) -> usize {
    index.map_or(0, |index| index + 1)
}

impl Counts {
    /// A table of zeros.
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { rows, columns, values: vec![0; (rows + 1) * (columns + 1)] }
    }

    /// Adds to a number, and to its totals.
    pub fn add(&mut self, row: usize, column: usize, count: u64) {
        for (row, column) in [(row + 1, column + 1), (row + 1, 0), (0, column + 1), (0, 0)] {
            let at = self.at(row, column);
            self.values[at] += count;
        }
    }

    /// A number. Without a row it is the total of a column, without a column that of a row.
    pub fn get(&self, row: Option<usize>, column: Option<usize>) -> u64 {
        self.values[self.at(place(row), place(column))]
    }

    const fn at(&self, row: usize, column: usize) -> usize {
        row * (self.columns + 1) + column
    }

    /// Hides every number from 1 to below the threshold, and as many others as are needed so that none of the hidden ones can be told:
    /// each could be one of `threshold` values at least. A 0 stays: it tells of nobody.
    pub fn hide_small(&self, threshold: u64) -> Hidden {
        let mut cells: Vec<bool> = self.values.iter().map(|value| (1..threshold).contains(value)).collect();
        let mut to_look_at: VecDeque<usize> = (0..cells.len()).filter(|at| cells[*at]).collect();
        while let Some(at) = to_look_at.pop_front() {
            let cell = (at / (self.columns + 1), at % (self.columns + 1));
            for more in self.needed(&cells, cell, threshold) {
                cells[more] = true;
                to_look_at.push_back(more);
            }
        }
        Hidden { columns: self.columns, cells }
    }

    /// What has to be hidden too, so that a hidden number cannot be told.
    fn needed(&self, cells: &[bool], cell: (usize, usize), threshold: u64) -> Vec<usize> {
        let wanted = threshold - 1;
        let mut down = Flow::new(self, cells, cell, Way::Down);
        let mut left = wanted - down.run(wanted.min(self.values[self.at(cell.0, cell.1)] - 1));
        if left == 0 {
            return Vec::new();
        }
        let mut up = Flow::new(self, cells, cell, Way::Up);
        let mut more = Vec::new();
        loop {
            left -= up.run(left);
            let next = if left == 0 { Vec::new() } else { up.cheapest() };
            if next.is_empty() {
                return more;
            }
            for at in &next {
                up.hidden[*at] = true;
            }
            more.extend(next);
        }
    }
}

/// Whether a number is tried higher or lower than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// Changes that flow from one end of an edge to the other through the hidden numbers.
struct Flow<'a> {
    counts: &'a Counts,
    hidden: Vec<bool>,
    /// The numbers as the changes leave them.
    values: Vec<u64>,
    /// The edge itself.
    cell: usize,
    from: usize,
    to: usize,
}

impl<'a> Flow<'a> {
    fn new(counts: &'a Counts, hidden: &[bool], (row, column): (usize, usize), way: Way) -> Self {
        let (row_node, column_node) = (row, counts.rows + 1 + column);
        // A total stands on the other side of the sum: a change of it has the other sign.
        let with_sign = (row == 0) == (column == 0);
        let (from, to) = if with_sign == (way == Way::Up) { (column_node, row_node) } else { (row_node, column_node) };
        Self { counts, hidden: hidden.to_vec(), values: counts.values.clone(), cell: counts.at(row, column), from, to }
    }

    /// The nodes next to one, with the number between, and how much can flow there. A number can rise as far as it likes, and fall to 1.
    fn beside(&self, node: usize) -> impl Iterator<Item = (usize, usize, u64)> + '_ {
        let (rows, columns) = (self.counts.rows + 1, self.counts.columns + 1);
        let is_row = node < rows;
        let others = if is_row { rows..rows + columns } else { 0..rows };
        others.filter_map(move |other| {
            let (row, column) = if is_row { (node, other - rows) } else { (other, node - rows) };
            let at = self.counts.at(row, column);
            let rises = is_row == ((row == 0) == (column == 0));
            // A published 0 stays what it is.
            let room = if rises { u64::MAX } else { self.values[at].saturating_sub(1) };
            (at != self.cell && self.counts.values[at] > 0).then_some((other, at, room))
        })
    }

    /// Lets flow as much as can, up to `most`; gives how much.
    fn run(&mut self, most: u64) -> u64 {
        let mut flowed = 0;
        while flowed < most {
            let Some(path) = self.path() else { return flowed };
            let room = path.iter().map(|(_, room, _)| *room).min().unwrap_or(0).min(most - flowed);
            for (at, _, rises) in path {
                if rises {
                    self.values[at] += room;
                } else {
                    self.values[at] -= room;
                }
            }
            flowed += room;
        }
        flowed
    }

    /// A shortest way through hidden numbers, if there is one.
    fn path(&self) -> Option<Vec<(usize, u64, bool)>> {
        let mut came: Vec<Option<(usize, usize, u64)>> = vec![None; self.counts.rows + self.counts.columns + 2];
        let mut next = VecDeque::from([self.from]);
        while let Some(node) = next.pop_front() {
            if node == self.to {
                break;
            }
            for (other, at, room) in self.beside(node).filter(|(_, at, room)| self.hidden[*at] && *room > 0) {
                if other != self.from && came[other].is_none() {
                    came[other] = Some((node, at, room));
                    next.push_back(other);
                }
            }
        }
        self.back(&came)
    }

    fn back(&self, came: &[Option<(usize, usize, u64)>]) -> Option<Vec<(usize, u64, bool)>> {
        let (mut path, mut node) = (Vec::new(), self.to);
        while node != self.from {
            let (before, at, room) = came[node]?;
            path.push((at, room, room == u64::MAX));
            node = before;
        }
        Some(path)
    }

    /// What is to be hidden so that more can flow: as little as possible, and rather numbers than totals. There is always a way: the
    /// number and its totals can all rise together.
    fn cheapest(&self) -> Vec<usize> {
        let nodes = self.counts.rows + self.counts.columns + 2;
        let mut came: Vec<Option<(usize, usize, u64)>> = vec![None; nodes];
        let mut best = vec![u64::MAX; nodes];
        best[self.from] = 0;
        let mut next = BinaryHeap::from([(std::cmp::Reverse(0_u64), self.from)]);
        while let Some((std::cmp::Reverse(cost), node)) = next.pop() {
            if cost > best[node] {
                continue;
            }
            for (other, at, room) in self.beside(node).filter(|(_, _, room)| *room > 0) {
                let cost = cost.saturating_add(if self.hidden[at] { 0 } else { self.cost(at) });
                if cost < best[other] {
                    best[other] = cost;
                    came[other] = Some((node, at, room));
                    next.push((std::cmp::Reverse(cost), other));
                }
            }
        }
        let path = self.back(&came).unwrap_or_default();
        path.into_iter().map(|(at, _, _)| at).filter(|at| !self.hidden[*at]).collect()
    }

    /// What is lost when a number is hidden.
    fn cost(&self, at: usize) -> u64 {
        const TOTAL: u64 = 1 << 40;
        let (row, column) = (at / (self.counts.columns + 1), at % (self.counts.columns + 1));
        let totals = u64::from(row == 0) + u64::from(column == 0);
        (totals * totals * TOTAL).saturating_add(self.counts.values[at])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn counts(rows: &[&[u64]]) -> Counts {
        let mut counts = Counts::new(rows.len(), rows[0].len());
        for (row, values) in rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                counts.add(row, column, *value);
            }
        }
        counts
    }

    /// The table as it is published: totals last.
    fn published(counts: &Counts, threshold: u64) -> Vec<String> {
        let hidden = counts.hide_small(threshold);
        let row = |row: Option<usize>| {
            let cell = |column: Option<usize>| {
                if hidden.is_hidden(row, column) { "*".to_owned() } else { counts.get(row, column).to_string() }
            };
            (0..counts.columns).map(Some).chain([None]).map(cell).collect::<Vec<_>>().join(" ")
        };
        (0..counts.rows).map(Some).chain([None]).map(row).collect()
    }

    #[test]
    fn a_table_without_a_small_number_is_published_whole() {
        assert_eq!(published(&counts(&[&[10, 0], &[25, 40]]), 10), ["10 0 10", "25 40 65", "35 40 75"]);
        assert_eq!(published(&counts(&[&[1, 0], &[2, 3]]), 1), ["1 0 1", "2 3 5", "3 3 6"], "where nothing is small");
    }

    #[test]
    fn a_small_number_takes_others_with_it() {
        // The 3 alone would follow from its row, and from its column.
        assert_eq!(
            published(&counts(&[&[3, 50, 60], &[40, 70, 80], &[90, 95, 99]]), 10),
            ["* * 60 113", "* * 80 190", "90 95 99 284", "133 215 239 587"]
        );
        // All that there is: nothing is said.
        assert_eq!(published(&counts(&[&[4]]), 10), ["* *", "* *"]);
    }

    #[test]
    fn two_small_numbers_protect_each_other_only_if_they_leave_room() {
        // 1 and 1 are 2, and neither is 0: both would be known.
        assert_eq!(published(&counts(&[&[1, 1, 80]]), 10), ["* * * 82", "* * * 82"]);
        let hidden = published(&counts(&[&[9, 9, 80], &[9, 9, 80]]), 10);
        assert_eq!(hidden, ["* * 80 98", "* * 80 98", "18 18 160 196"], "1 to 17 each");
    }

    /// A row and a column; none for their totals.
    type Place = (Option<usize>, Option<usize>);

    /// Somebody who tries every table. Which values each hidden number can have, up to `most`.
    fn possible(counts: &Counts, hidden: &Hidden, most: u64) -> Vec<(Place, BTreeSet<u64>)> {
        let all: Vec<Place> = (0..=counts.rows)
            .flat_map(|row| (0..=counts.columns).map(move |column| (row.checked_sub(1), column.checked_sub(1))))
            .collect();
        let mut possible: Vec<_> =
            all.iter().filter(|(row, column)| hidden.is_hidden(*row, *column)).map(|cell| (*cell, BTreeSet::new())).collect();
        let inner: Vec<_> = all.iter().filter_map(|(row, column)| row.zip(*column)).collect();
        let choices: Vec<Vec<u64>> = inner
            .iter()
            .map(|(row, column)| {
                let is_hidden = hidden.is_hidden(Some(*row), Some(*column));
                if is_hidden { (1..=most).collect() } else { vec![counts.get(Some(*row), Some(*column))] }
            })
            .collect();
        let mut chosen = vec![0; inner.len()];
        loop {
            let mut table = Counts::new(counts.rows, counts.columns);
            for (((row, column), options), which) in inner.iter().zip(&choices).zip(&chosen) {
                table.add(*row, *column, options[*which]);
            }
            let agrees = |(row, column): &Place| {
                if hidden.is_hidden(*row, *column) {
                    table.get(*row, *column) > 0
                } else {
                    table.get(*row, *column) == counts.get(*row, *column)
                }
            };
            if all.iter().all(agrees) {
                for ((row, column), values) in &mut possible {
                    values.insert(table.get(*row, *column));
                }
            }
            let Some(at) = (0..chosen.len()).find(|at| chosen[*at] + 1 < choices[*at].len()) else { return possible };
            chosen[at] += 1;
            chosen[..at].fill(0);
        }
    }

    fn check(table: &Counts, threshold: u64, most: u64) {
        let hidden = table.hide_small(threshold);
        for row in (0..table.rows).map(Some).chain([None]) {
            for column in (0..table.columns).map(Some).chain([None]) {
                let value = table.get(row, column);
                assert!(hidden.is_hidden(row, column) || value == 0 || value >= threshold, "{table:?}");
            }
        }
        for (cell, values) in possible(table, &hidden, most) {
            assert!(values.len() as u64 >= threshold, "{cell:?} can only be {values:?} in {table:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(150))]

        #[test]
        fn whoever_tries_every_table_learns_no_hidden_number(values in proptest::collection::vec(0_u64..8, 4)) {
            check(&counts(&[&values[..2], &values[2..]]), 3, 12);
        }

        #[test]
        fn nor_in_a_table_of_one_row(values in proptest::collection::vec(0_u64..12, 1..5)) {
            check(&counts(&[&values]), 4, 16);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(25))]

        #[test]
        fn nor_in_a_larger_one(values in proptest::collection::vec(0_u64..6, 6)) {
            check(&counts(&[&values[..3], &values[3..]]), 3, 8);
        }
    }
}
