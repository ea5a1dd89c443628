// Decides which columns of a table are shown and how wide, for a given terminal width.

/// What a column asks for, in terminal cells.
struct ColumnDemand: Hashable {
  /// The width at which nothing is cut.
  var natural: Int
  /// The width below which the column is worthless: that of the longest number; zero for text, which may be cut.
  var minimum: Int
}

/// The shown columns of a table and their widths.
struct TableLayout: Hashable {
  struct Shown: Hashable {
    var index: Int
    var width: Int
  }

  /// Text columns are cut down to this width before whole columns are left out: enough for a date, a code or two words.
  static let comfortableWidth = 16

  var columns: [Shown]
  /// How many shown columns stand before the column of ellipses; nil if all are shown.
  var gap: Int?
  /// Whether some column is narrower than it asks for.
  var cutsCells: Bool

  /// Without a width everything is shown in full.
  init(demands: [ColumnDemand], width: Int?) {
    let all = Array(demands.indices)
    guard let width, Self.total(demands, all, cap: .max) > width else {
      self.init(columns: demands.enumerated().map { Shown(index: $0.offset, width: $0.element.natural) }, gap: nil, cutsCells: false)
      return
    }
    if Self.total(demands, all, cap: Self.comfortableWidth) <= width {
      self.init(demands: demands, shown: all, gap: nil, available: width)
      return
    }
    let available = width - Self.gapWidth
    let front = Self.order(count: demands.count)
    var chosen: [Int] = []
    for index in front {
      if Self.total(demands, chosen + [index], cap: Self.comfortableWidth) > available { break }
      chosen.append(index)
    }
    if chosen.isEmpty { chosen = [0] }
    chosen.sort()
    var before = 0
    while before < chosen.count, chosen[before] == before { before += 1 }
    self.init(demands: demands, shown: chosen, gap: demands.count > 1 ? before : nil, available: demands.count > 1 ? available : width)
  }

  /// The widest cut that lets the shown columns fit.
  private init(demands: [ColumnDemand], shown: [Int], gap: Int?, available: Int) {
    var low = 1
    var high = max(1, available)
    while low < high {
      let middle = (low + high + 1) / 2
      if Self.total(demands, shown, cap: middle) <= available { low = middle } else { high = middle - 1 }
    }
    // A single number wider than the terminal is cut too rather than left to wrap.
    let limit = max(1, available - 4)
    let columns = shown.map { index in
      let wanted = Self.width(demands[index], cap: low)
      return Shown(index: index, width: shown.count == 1 ? min(wanted, limit) : wanted)
    }
    self.init(columns: columns, gap: gap, cutsCells: columns.contains { $0.width < demands[$0.index].natural })
  }

  private init(columns: [Shown], gap: Int?, cutsCells: Bool) {
    self.columns = columns
    self.gap = gap
    self.cutsCells = cutsCells
  }

  /// `│ … `
  private static let gapWidth = 4

  private static func width(_ demand: ColumnDemand, cap: Int) -> Int { max(min(demand.natural, cap), demand.minimum) }

  /// The width of a table of these columns, borders included.
  private static func total(_ demands: [ColumnDemand], _ shown: [Int], cap: Int) -> Int {
    shown.reduce(1) { $0 + width(demands[$1], cap: cap) + 3 }
  }

  /// First, last, second, last but one, …: the order in which columns are kept.
  private static func order(count: Int) -> [Int] {
    (0..<count).map { $0 % 2 == 0 ? $0 / 2 : count - 1 - $0 / 2 }
  }
}
