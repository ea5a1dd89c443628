// Rows of a column as numbers of the entries of a dictionary, for filters that look at values and not at rows.
import DshColumns

/// Some rows of a column, as they came.
enum ParquetRows {
  case values(Column)
  case codes(ParquetCodedRows)
}

/// For each row the number of an entry of a small dictionary.
struct ParquetCodedRows {
  let dictionary: ParquetDictionary
  /// Of as many bytes as `Column.codeWidth` says; of null rows they say nothing.
  private let codes: Buffer
  private let validity: Bitmap?
  private let count: Int

  init(_ dictionary: ParquetDictionary, codes: Buffer, validity: Bitmap?, count: Int) {
    self.dictionary = dictionary
    self.codes = codes
    self.validity = validity
    self.count = count
  }

  /// The rows with a value that is kept.
  func rows(_ kept: KeptValues) -> Bitmap {
    let rows = kept.entries.rows(codes, count: count)
    guard let validity else { return rows }
    return .make(count: count) { rows.word($0) & validity.word($0) | (kept.keepsNull ? ~validity.word($0) : 0) }
  }

  /// The values of the rows, or of some of them.
  func column(_ rows: RowIndexes?) -> Column {
    if case .text(let offsets, let bytes) = dictionary.values.storage {
      let column = Column(
        type: dictionary.values.type, count: count, validity: validity,
        storage: .dictionary(codes: codes, entryCount: dictionary.count, offsets: offsets, bytes: bytes))
      return rows.map { column.gather($0) } ?? column
    }
    let code = DictionaryCodes(codes, entryCount: dictionary.count)
    func entry(_ row: Int) -> Int32 { validity.map { $0[row] } ?? true ? Int32(code[row]) : -1 }
    guard let rows else { return dictionary.values.gather(RowIndexes((0..<count).lazy.map { entry($0) })) }
    return dictionary.values.gather(RowIndexes((0..<rows.count).lazy.map { entry(Int(rows.pointer[$0])) }))
  }
}

/// Which entries of a dictionary a filter keeps, and whether it keeps nulls.
struct KeptValues {
  let dictionary: ParquetDictionary
  let entries: DictionarySubset
  let keepsNull: Bool

  /// Asks a filter about the values of a dictionary, in the type that the column is read in.
  init(_ predicate: any SeparablePredicate, column: Int, _ dictionary: ParquetDictionary, type: DataType) {
    self.dictionary = dictionary
    entries = DictionarySubset(predicate.keeps(dictionary.values.converted(to: type), ofColumn: column))
    keepsNull = predicate.keeps(.repeating(.null, type: type, count: 1), ofColumn: column)[0]
  }
}
