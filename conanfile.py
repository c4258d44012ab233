import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class Tenure(ConanFile):
    name = "tenure"
    description = "Customer value as a Markov chain: hunt for new customers, or farm those you have?"
    package_type = "library"
    settings = "os", "compiler", "build_type", "arch"
    options = {"shared": [True, False], "fPIC": [True, False]}
    default_options = {"shared": False, "fPIC": True, "boost/*:header_only": True}
    implements = ["auto_shared_fpic"]
    exports = "include/tenure/version.hpp"
    exports_sources = "CMakeLists.txt", "cmake/*", "include/*", "src/*", "schema/*", "LICENSE", "README.md"

    def set_version(self):
        header = Path(self.recipe_folder, "include", "tenure", "version.hpp").read_text(encoding="utf-8")
        self.version = ".".join(re.findall(r"^#define TENURE_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header, re.MULTILINE))

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("eigen/[>=3.4 <4]", transitive_headers=True)
        self.requires("boost/[>=1.74 <2]", transitive_headers=True)
        self.requires("utf8proc/[>=2.2 <3]")
        for headers in ("tomlplusplus/[>=3.3 <4]", "nlohmann_json/[>=3.11 <4]", "fmt/[>=9 <12]", "cli11/[>=2.1 <3]"):
            self.requires(headers, visible=False)

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["TENURE_BUILD_TESTS"] = False
        toolchain.cache_variables["TENURE_BUILD_EXAMPLES"] = False
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_find_mode", "none")  # tenureConfig.cmake is the package's own
        self.cpp_info.builddirs = ["lib/cmake/tenure"]
