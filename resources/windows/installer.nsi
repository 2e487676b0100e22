; The installer: for whoever is signed in, without an administrator.
; makensis -DVERSION=… -DFOLDER=… -DOUTPUT=… installer.nsi
Unicode true
; The 32-bit stub cannot start on a Wine without 32-bit libraries, and Qt 6 needs 64 bits anyhow.
Target amd64-unicode
!include "MUI2.nsh"
!include "LogicLib.nsh"

!define PRODUCT "VLA Desktop"
!define EXECUTABLE "vla-desktop.exe"
; The name that a running program holds: MUTEX_NAME in vla_desktop/presence.py.
!define RUNNING "VLADesktop.Running"
!define SYNCHRONIZE 0x00100000
!define REGISTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\VLADesktop"

Name "${PRODUCT}"
OutFile "${OUTPUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${PRODUCT}"
InstallDirRegKey HKCU "${REGISTRY}" "InstallLocation"
SetCompressor /SOLID lzma
SetCompressorDictSize 64
BrandingText "${PRODUCT} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=0 ProductName "${PRODUCT}"
VIAddVersionKey /LANG=0 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=0 FileVersion "${VERSION}"
VIAddVersionKey /LANG=0 FileDescription "${PRODUCT}"
VIAddVersionKey /LANG=0 CompanyName "Hội Thư viện Việt Nam"
VIAddVersionKey /LANG=0 LegalCopyright "Apache-2.0"

!define MUI_ICON "vla-desktop.ico"
!define MUI_UNICON "vla-desktop.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${EXECUTABLE}"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "Vietnamese"
!insertmacro MUI_LANGUAGE "English"

LangString InUse ${LANG_VIETNAMESE} "VLA Desktop đang mở. Anh/chị đóng phần mềm rồi bấm Thử lại."
LangString InUse ${LANG_ENGLISH} "VLA Desktop is open. Close it, then press Retry."
LangString NoRoom ${LANG_VIETNAMESE} "Không ghi được phần mềm vào máy này, có lẽ vì ổ đĩa đầy. Bản đang dùng vẫn nguyên."
LangString NoRoom ${LANG_ENGLISH} "The program could not be written, perhaps because the disk is full. What is installed stays as it was."
LangString KeepWork ${LANG_VIETNAMESE} "Xóa luôn dữ liệu của văn phòng trên máy này?$\r$\n$\r$\nThay đổi chưa gửi về Trung ương sẽ mất hẳn. Nếu không chắc, anh/chị bấm Không."
LangString KeepWork ${LANG_ENGLISH} "Delete the office's records on this PC as well?$\r$\n$\r$\nChanges that were not sent to the centre will be lost for good. If in doubt, press No."

Var Fresh
Var Former

; Jumps to `free` unless the program runs. (To ask for the error flag is to clear it.)
!macro UNLESS_RUNNING free
  System::Call 'kernel32::OpenMutexW(i ${SYNCHRONIZE}, i 0, w "${RUNNING}") p .r0'
  ${If} $0 P= 0
    Goto ${free}
  ${EndIf}
  System::Call 'kernel32::CloseHandle(p r0)'
!macroend

Function .onInit
  ; A folder that holds other things is not ours to swap.
  ${If} ${FileExists} "$INSTDIR\*.*"
  ${AndIfNot} ${FileExists} "$INSTDIR\${EXECUTABLE}"
    StrCpy $INSTDIR "$INSTDIR\${PRODUCT}"
  ${EndIf}
  StrCpy $Fresh "$INSTDIR.new"
  StrCpy $Former "$INSTDIR.old"
  ; A cut between the two renames below left only the former version: it goes back first.
  ${If} ${FileExists} "$Former\${EXECUTABLE}"
  ${AndIfNot} ${FileExists} "$INSTDIR\${EXECUTABLE}"
    Rename "$Former" "$INSTDIR"
  ${EndIf}
FunctionEnd

Section
  RMDir /r "$Fresh"
  ClearErrors
  SetOutPath "$Fresh"
  File /r "${FOLDER}/*"
  WriteUninstaller "$Fresh\uninstall.exe"
  ; No folder can be renamed while a program works in it.
  SetOutPath "$TEMP"
  ${If} ${Errors}
    RMDir /r "$Fresh"
    MessageBox MB_OK|MB_ICONSTOP "$(NoRoom)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}

  RMDir /r "$Former"
  ${If} ${FileExists} "$INSTDIR\${EXECUTABLE}"
  again:
    !insertmacro UNLESS_RUNNING free
    refused:
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(InUse)" /SD IDCANCEL IDRETRY again
      RMDir /r "$Fresh"
      SetErrorLevel 2
      Quit
    free:
    ; Windows refuses this while any file in it is open.
    ClearErrors
    Rename "$INSTDIR" "$Former"
    IfErrors refused
  ${Else}
    RMDir "$INSTDIR"
  ${EndIf}
  ClearErrors
  Rename "$Fresh" "$INSTDIR"
  ${If} ${Errors}
    Rename "$Former" "$INSTDIR"
    RMDir /r "$Fresh"
    MessageBox MB_OK|MB_ICONSTOP "$(NoRoom)" /SD IDOK
    SetErrorLevel 3
    Quit
  ${EndIf}
  RMDir /r "$Former"

  CreateShortcut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\${EXECUTABLE}"
  WriteRegStr HKCU "${REGISTRY}" "DisplayName" "${PRODUCT}"
  WriteRegStr HKCU "${REGISTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${REGISTRY}" "DisplayIcon" "$INSTDIR\${EXECUTABLE}"
  WriteRegStr HKCU "${REGISTRY}" "Publisher" "Hội Thư viện Việt Nam"
  WriteRegStr HKCU "${REGISTRY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${REGISTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${REGISTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${REGISTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${REGISTRY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  ; Only what was installed: whatever else somebody put there is not ours to delete.
  again:
  !insertmacro UNLESS_RUNNING free
  refused:
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(InUse)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
  free:
  ClearErrors
  Delete "$INSTDIR\${EXECUTABLE}"
  IfErrors refused
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\uninstall.exe"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  DeleteRegKey HKCU "${REGISTRY}"
  ; Without a window nobody can be asked, so the records stay.
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(KeepWork)" /SD IDNO IDNO kept
  RMDir /r "$LOCALAPPDATA\${PRODUCT}"
  kept:
SectionEnd
