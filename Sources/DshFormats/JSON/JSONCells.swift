// A table of cells: where the values of rows stand in the text of a window.
import CDshKernels

/// Room for the cells of some rows, used again and again by one thread.
final class JSONCells {
  let slots: Int
  private(set) var rows = 0
  private(set) var table: dsh_json_cells

  init(slots: Int) {
    self.slots = slots
    table = dsh_json_cells(
      slots: Int64(slots), spans: .allocate(capacity: 1), kinds: .allocate(capacity: 1), places: .allocate(capacity: 1))
  }

  /// Makes room for rows; what was there is lost.
  func reserve(_ rows: Int) {
    guard rows > self.rows else { return }
    free()
    let cells = max(1, rows * slots)
    table.spans = .allocate(capacity: cells * 2)
    table.kinds = .allocate(capacity: cells)
    table.places = .allocate(capacity: cells)
    self.rows = rows
  }

  private func free() {
    table.spans.deallocate()
    table.kinds.deallocate()
    table.places.deallocate()
  }

  deinit { free() }

  func withPointer<T>(_ body: (UnsafePointer<dsh_json_cells>) throws -> T) rethrows -> T { try withUnsafePointer(to: &table, body) }
}
