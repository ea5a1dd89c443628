// Dots in cells of a terminal: the eight of a braille character, or one for each cell.

/// A picture of dots; the first row is the upper one.
struct DotGrid {
  /// How many dots a cell has.
  struct CellSize: Hashable {
    var width: Int
    var height: Int

    static let braille = CellSize(width: 2, height: 4)
    static let single = CellSize(width: 1, height: 1)
  }

  let columns: Int
  let rows: Int
  let cell: CellSize
  /// The bits of each cell, in the order of braille characters; a single dot is bit 0.
  private(set) var bits: [UInt8]

  init(columns: Int, rows: Int, cell: CellSize) {
    self.columns = columns
    self.rows = rows
    self.cell = cell
    bits = [UInt8](repeating: 0, count: columns * rows)
  }

  var width: Int { columns * cell.width }
  var height: Int { rows * cell.height }

  /// Bit numbers of the dots of a braille character, row by row.
  private static let brailleBits: [[UInt8]] = [[0, 3], [1, 4], [2, 5], [6, 7]]

  mutating func set(_ x: Int, _ y: Int) {
    let bit = cell == .single ? 0 : Self.brailleBits[y % cell.height][x % cell.width]
    bits[y / cell.height * columns + x / cell.width] |= 1 << bit
  }

  /// The dots between two others (Bresenham 1965).
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
    var (x, y) = start
    let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    let (width, height) = (abs(end.x - start.x), -abs(end.y - start.y))
    var error = width + height
    while true {
      set(x, y)
      if x == end.x, y == end.y { return }
      let doubled = 2 * error
      if doubled >= height {
        error += height
        x += stepX
      }
      if doubled <= width {
        error += width
        y += stepY
      }
    }
  }

  /// The braille character of some dots.
  static func braille(_ bits: UInt8) -> String { String(Character(UnicodeScalar(UInt32(0x2800) + UInt32(bits)) ?? " ")) }
}
