import Testing

@testable import CaseFiles
