import Testing

@testable import Electrodeposition
