// The bytes that turn the rows on the terminal into other rows. Pure; one write per repaint.

import DshDiagnostics

/// The bytes that replace what stands on the terminal (`old`, nil for nothing with the cursor at the start of a row) by `new`.
func screenUpdate(from old: PaintedScreen?, to new: PaintedScreen) -> String {
  if let old, old.rows == new.rows {
    return old.cursorRow == new.cursorRow && old.cursorColumn == new.cursorColumn
      ? "" : cursorMove(from: (old.cursorRow, old.cursorColumn), to: (new.cursorRow, new.cursorColumn))
  }
  var same = 0
  if let old { while same < min(old.rows.count, new.rows.count) - 1, old.rows[same] == new.rows[same] { same += 1 } }
  var bytes = cursorMove(from: (old?.cursorRow ?? 0, 0), to: (same, 0))
  for index in same..<new.rows.count {
    if index > same { bytes += "\r\n" }
    // Erase before writing: behind a full row the cursor hangs over the last cell, and erasing would take that with it.
    bytes += "\u{1B}[K" + new.rows[index]
  }
  // The rows below are erased from the start of the next row for the same reason.
  if let old, old.rows.count > new.rows.count { bytes += "\r\n\u{1B}[J\u{1B}[A" }
  return bytes + cursorMove(from: (new.rows.count - 1, -1), to: (new.cursorRow, new.cursorColumn))
}

/// The bytes that wipe the rows away and leave the cursor where they began.
func screenErasure(of old: PaintedScreen) -> String { cursorMove(from: (old.cursorRow, -1), to: (0, 0)) + "\u{1B}[J" }

/// The screen as the terminal shows it after its width has changed: rows too long now take several.
///
/// Terminals that reflow break only rows longer than the new width; rows that dsh ended itself stay apart.
func reflowed(_ screen: PaintedScreen, width: Int) -> PaintedScreen {
  guard width > 0 else { return screen }
  var moved = screen
  let above = screen.widths.prefix(screen.cursorRow).reduce(0) { $0 + max(0, ($1 - 1) / width) }
  moved.cursorRow = screen.cursorRow + above + screen.cursorColumn / width
  moved.cursorColumn = screen.cursorColumn % width
  return moved
}

private func cursorMove(from: (row: Int, column: Int), to: (row: Int, column: Int)) -> String {
  var bytes = "\r"
  if from.row > to.row { bytes += "\u{1B}[\(from.row - to.row)A" }
  if from.row < to.row { bytes += "\u{1B}[\(to.row - from.row)B" }
  if to.column > 0 { bytes += "\u{1B}[\(to.column)C" }
  return bytes
}
