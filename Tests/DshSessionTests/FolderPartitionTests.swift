// What the names of folders say comes back from the names that are made of it.
import DshColumns
import DshDiagnostics
import DshPlan
import Testing

@testable import DshSession

@Suite struct FolderPartitionTests {
  @Test func namesAreReadBack() {
    for (text, name) in [
      ("2024", "k=2024"), ("a/b", "k=a%2Fb"), ("50%", "k=50%25"), ("", "k="), ("x=y", "k=x%3Dy"), (".", "k=%2E"), ("\n", "k=%0A"),
      ("日本", "k=日本"),
    ] {
      let partition = FolderPartition(column: "k", text: text)
      #expect(partition.folderName == name)
      #expect(FolderPartition(folder: name) == partition)
    }
    let null = FolderPartition(column: "a b", text: nil)
    #expect(null.folderName == "a b=__HIVE_DEFAULT_PARTITION__" && FolderPartition(folder: null.folderName) == null)
    #expect(FolderPartition(folder: "2024") == nil && FolderPartition(folder: "=x") == nil)
    #expect(FolderPartition(folder: "k=50%")?.text == "50%" && FolderPartition(folder: "k=%zz")?.text == "%zz")
  }

  @Test func foldersBelowTheRootCount() {
    let found = FolderPartition.all(of: "/a=1/data/year=2024/x/month=01/f=3.csv", below: "/a=1/data")
    #expect(found.map(\.column) == ["year", "month"] && found.map(\.text) == ["2024", "01"])
    #expect(FolderPartition.all(of: "/d/k=1/k=2/x.csv", below: "/d/").map(\.text) == ["2"])
    #expect(FolderPartition.all(of: "/d/x.csv", below: "/d").isEmpty)
  }

  @Test func typesHoldAllValues() throws {
    func partitions(_ texts: [[String: String?]]) -> [[FolderPartition]] {
      texts.map { file in file.sorted { $0.key < $1.key }.map { FolderPartition(column: $0.key, text: $0.value) } }
    }
    let files = partitions([["d": "2024-01-31", "n": "01", "s": "1"], ["d": "2024-02-01", "n": nil, "s": "x"], ["d": "2023-12-31"]])
    let columns = PartitionColumns(of: files) { _ in nil }
    #expect(columns.fields == [Field("d", .date), Field("n", .int64), Field("s", .string)])
    #expect(try columns.values(files[0], path: "f").map(\.value) == [.date(19753), .int64(1), .string("1")])
    #expect(try columns.values(files[1], path: "f").map(\.value) == [.date(19754), .null, .string("x")])
    let given = PartitionColumns(of: files) { $0 == "s" ? .int64 : nil }
    let error = #expect(throws: Diagnostic.self) { try given.values(files[1], path: "f") }
    #expect(error?.code == .cellType)
    #expect(PartitionColumns(of: partitions([["k": nil]])) { _ in nil }.fields == [Field("k", .string)])
  }
}
