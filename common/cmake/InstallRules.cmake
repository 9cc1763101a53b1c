# What is installed besides programs and modules, which their own folders install: man pages,
# completions, licence, change log. Only what exists is installed.
set(MQTK_ZSH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
  CACHE STRING "Where completions for zsh go (Debian: share/zsh/vendor-completions)")

file(GLOB man_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/man/*.[1-8])
foreach(page IN LISTS man_pages)
  string(REGEX MATCH "[1-8]$" section ${page})
  install(FILES ${page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT man)
endforeach()

# completions/PROGRAM.bash, .zsh and .fish: each shell wants its own folder and file name.
file(GLOB completion_files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/completions/*.*sh)
foreach(completion IN LISTS completion_files)
  get_filename_component(program ${completion} NAME_WE)
  if(completion MATCHES "\\.bash$")
    install(FILES ${completion} RENAME ${program} COMPONENT completions
      DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  elseif(completion MATCHES "\\.zsh$")
    install(FILES ${completion} RENAME _${program} COMPONENT completions
      DESTINATION ${MQTK_ZSH_COMPLETION_DIR})
  elseif(completion MATCHES "\\.fish$")
    install(FILES ${completion} COMPONENT completions
      DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  endif()
endforeach()

install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documentation
  OPTIONAL)
